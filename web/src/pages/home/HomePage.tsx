import { Container } from "@mantine/core";
import { useState } from "react";
import { PageHeading } from "../../ui/PageHeading";
import { CalculatedList } from "./CalculatedList";
import { FibonacciSquares } from "./FibonacciSquares";
import styles from "./HomePage.module.css";
import { SeenList } from "./SeenList";
import { SubmitForm } from "./SubmitForm";
import { SubmittedIndex } from "./SubmittedIndex";

export function HomePage() {
  const [submitted, setSubmitted] = useState<number>();
  return (
    <Container size="lg" className={styles.page}>
      <section className={styles.hero}>
        <div className={styles.ask}>
          <div>
            <PageHeading title="Pisano">Any Fibonacci number, every digit</PageHeading>
            <p className={styles.lead}>
              Each number is the sum of the two before it: 0, 1, 1, 2, 3, 5, 8 … Say which one you want.
            </p>
          </div>
          <SubmitForm onSubmitted={setSubmitted} />
          <SubmittedIndex index={submitted} />
        </div>
        <FibonacciSquares className={styles.figure} />
      </section>
      <div className={styles.lists}>
        <SeenList />
        <CalculatedList />
      </div>
    </Container>
  );
}
