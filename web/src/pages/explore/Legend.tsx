import styles from "./Legend.module.css";

/** Names the marks of a chart. */
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
