import styles from "./StateMessage.module.css";

interface StateMessageProps {
  /** What is read aloud when it changes. */
  text: string | undefined;
  /** Leaves the text to screen readers, where the page shows the same in another way. */
  hidden: boolean;
}

/**
 * What is known of an index, in a sentence. Screen readers announce what changes
 * in an element that was there before, so this one is rendered even without text.
 */
export function StateMessage({ text, hidden }: StateMessageProps) {
  return (
    <p role="status" aria-atomic className={styles.message} data-hidden={hidden}>
      {text}
    </p>
  );
}
