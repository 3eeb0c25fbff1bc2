import { Text, Title } from "@mantine/core";
import styles from "./Steps.module.css";

const steps = [
  {
    part: "The page",
    text: "You type an index and press Calculate. The page checks that it is a whole number and sends it on.",
  },
  {
    part: "The API",
    text: "It refuses what would take too long: how many digits a number has is known beforehand.",
  },
  {
    part: "The record",
    text: "An accepted index is written down for good, and only then does the API say yes. This is the list “Values I have seen”.",
  },
  {
    part: "The queue",
    text: "The index waits for its turn. Should the queue be lost, it is made again from the record.",
  },
  {
    part: "A worker",
    text: "It calculates every digit, telling how far it is. Should it die on the way, another one begins anew.",
  },
  {
    part: "The check",
    text: "The result is compared with a second calculation, made in another way. One that fails is never shown.",
  },
  {
    part: "The values",
    text: "The number is kept, so that it need not be calculated again. This is the list “Calculated values”.",
  },
  {
    part: "Back to the page",
    text: "What happens is sent to every open page at once. Nothing has to be reloaded.",
  },
];

/** The path of an index in words. */
export function Steps() {
  return (
    <section aria-labelledby="steps">
      <Title order={2} size="h4" id="steps">
        Step by step
      </Title>
      <ol className={styles.steps}>
        {steps.map(({ part, text }) => (
          <li key={part} className={styles.step}>
            <Title order={3} size="h5">
              {part}
            </Title>
            <Text>{text}</Text>
          </li>
        ))}
      </ol>
    </section>
  );
}
