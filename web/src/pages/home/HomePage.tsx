import { useSearchParams } from "react-router";
import { formatTerm } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";
import { Lead, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { Squares } from "../../ui/Squares";
import { CalculatedList } from "./CalculatedList";
import styles from "./HomePage.module.css";
import { OwnIndices } from "./OwnIndices";
import { SeenList } from "./SeenList";
import { SubmitForm } from "./SubmitForm";
import { SubmittedIndex } from "./SubmittedIndex";

const sides = [1, 1, 2, 3, 5, 8, 13, 21];

/** The first page. The index that was submitted last is in its address, `/?n=10`, for reloads, links and the back button. */
export function HomePage() {
  const [params, setParams] = useSearchParams();
  const parsed = parseIndex(params.get("n") ?? "");
  const submitted = "index" in parsed ? parsed.index : undefined;
  return (
    <Page>
      <section className={styles.hero} data-asked={submitted !== undefined}>
        <div className={styles.form}>
          <div className={styles.intro}>
            <PageHeading title={submitted === undefined ? "Pisano" : formatTerm(submitted)}>
              Any Fibonacci number, every digit
            </PageHeading>
            <Lead>
              Each number is the sum of the two before it: 0, 1, 1, 2, 3, 5, 8 … Which one would you like?
            </Lead>
          </div>
          <SubmitForm
            onSubmitted={(index) =>
              setParams({ n: String(index) }, { replace: true, preventScrollReset: true })
            }
          >
            <SubmittedIndex index={submitted} />
          </SubmitForm>
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
        <OwnIndices />
      </div>
    </Page>
  );
}
