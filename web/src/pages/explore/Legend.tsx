import styles from "./Legend.module.css";

/** Says which mark in a plot is what. */
export function Legend({ marks }: { marks: { shape: "dot" | "line"; text: string }[] }) {
  return (
    <ul className={styles.legend}>
      {marks.map(({ shape, text }) => (
        <li key={text} data-shape={shape}>
          {text}
        </li>
      ))}
    </ul>
  );
}
