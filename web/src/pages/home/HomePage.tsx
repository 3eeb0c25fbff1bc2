import { useState } from "react";
import { Lead, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { Squares } from "../../ui/Squares";
import { CalculatedList } from "./CalculatedList";
import styles from "./HomePage.module.css";
import { SeenList } from "./SeenList";
import { SubmitForm } from "./SubmitForm";
import { SubmittedIndex } from "./SubmittedIndex";

const sides = [1, 1, 2, 3, 5, 8, 13, 21];

export function HomePage() {
  const [submitted, setSubmitted] = useState<number>();
  return (
    <Page>
      <section className={styles.hero}>
        <div className={styles.form}>
          <div>
            <PageHeading title="Pisano">Any Fibonacci number, every digit</PageHeading>
            <Lead>
              Each number is the sum of the two before it: 0, 1, 1, 2, 3, 5, 8 … Which one would you like?
            </Lead>
          </div>
          <SubmitForm onSubmitted={setSubmitted} />
          <SubmittedIndex index={submitted} />
        </div>
        <Squares
          sides={sides}
          label="Squares with sides 1, 1, 2, 3, 5, 8, 13 and 21, and the spiral through them"
          className={styles.figure}
        />
      </section>
      <div className={styles.lists}>
        <SeenList />
        <CalculatedList />
      </div>
    </Page>
  );
}
