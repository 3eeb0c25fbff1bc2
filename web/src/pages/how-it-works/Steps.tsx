import { Text, Title } from "@mantine/core";
import { memo } from "react";
import styles from "./Steps.module.css";

const steps = [
  {
    part: "The page",
    text: "You enter an index and press Calculate. The page checks that it is a whole number and sends it.",
  },
  {
    part: "The API",
    text: "It refuses a calculation that would take too long: the number of digits is known in advance.",
  },
  {
    part: "The index store",
    text: "The index is recorded for good before the API accepts it. This is the list “Values I have seen”.",
  },
  {
    part: "The work queue",
    text: "The index waits for its turn. If the queue is lost, it is rebuilt from the index store.",
  },
  {
    part: "A worker",
    text: "It calculates every digit and reports its progress. If it dies, another worker starts over.",
  },
  {
    part: "The check",
    text: "The result is compared with a second, different calculation. A wrong result is never shown.",
  },
  {
    part: "The value cache",
    text: "The value is stored, so that it need not be calculated again. This is the list “Calculated values”.",
  },
  {
    part: "Back to the page",
    text: "Every open page shows the new value at once, without a reload.",
  },
];

/** The path of an index in words. */
export const Steps = memo(function Steps() {
  return (
    <section aria-labelledby="steps">
      <Title order={2} size="h3" id="steps">
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
});
