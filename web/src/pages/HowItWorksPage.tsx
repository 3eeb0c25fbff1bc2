import { Container, Text, Title } from "@mantine/core";
import { LinkButton } from "../components/LinkButton";
import styles from "./HowItWorksPage.module.css";
import { PageHeading } from "./PageHeading";

const steps = [
  {
    part: "The page",
    text: "You type an index and press Calculate. The page checks that it is a whole number and sends it on.",
  },
  {
    part: "The API",
    text: "It refuses what would take too long: how many digits a number has is known before they are calculated. Everything else is accepted.",
  },
  {
    part: "The record",
    text: "Each accepted index is written down for good, and only then does the API say yes. This is the list “Values I have seen”.",
  },
  {
    part: "The queue",
    text: "The index waits for its turn. Should the queue be lost, it is made again from the record.",
  },
  {
    part: "A worker",
    text: "It takes the index from the queue and calculates every digit, telling how far it is. Should it die on the way, another one begins anew.",
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
    text: "What happens on the way is sent to every open page at once. That is why nothing has to be reloaded.",
  },
];

export function Component() {
  return (
    <Container size="sm" className={styles.page}>
      <PageHeading title="How it works">The path of an index</PageHeading>
      <p className={styles.lead}>
        From the moment you press Calculate, an index passes through these parts. None of them can lose it.
      </p>
      <ol className={styles.steps}>
        {steps.map(({ part, text }) => (
          <li key={part} className={styles.step}>
            <Title order={2} size="h4">
              {part}
            </Title>
            <Text>{text}</Text>
          </li>
        ))}
      </ol>
      <section className={styles.numbers}>
        <Title order={2} size="h4">
          The numbers
        </Title>
        <Text>
          The sequence begins with F(0) = 0 and F(1) = 1, and each number is the sum of the two before it. It
          goes on to the left as well: F(−1) = 1, F(−2) = −1, F(−3) = 2, with every second sign turned around.
        </Text>
      </section>
      <LinkButton to="/">Back to the numbers</LinkButton>
    </Container>
  );
}
