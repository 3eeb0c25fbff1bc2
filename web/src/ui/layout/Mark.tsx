/** The logo, as in favicon.svg: the spiral through squares with sides 2, 3, 5 and 8. */
export function Mark() {
  return (
    <svg aria-hidden="true" width="30" height="30" viewBox="0 0 32 32">
      <rect width="32" height="32" rx="7" fill="#155a3b" />
      <path
        transform="translate(27.5 23) scale(-1.77)"
        d="M5 2A2 2 0 0 0 3 0A3 3 0 0 0 0 3A5 5 0 0 0 5 8A8 8 0 0 0 13 0"
        fill="none"
        stroke="#f5f7f4"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
