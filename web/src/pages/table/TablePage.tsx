import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { numbersBetween } from "../../api/numbers";
import { formatInteger, formatTerm } from "../../numbers/format";
import { Lead, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { NumberTable } from "./NumberTable";
import { RangeForm } from "./RangeForm";
import { excessOf, type Range, rangeIn } from "./range";
import styles from "./TablePage.module.css";
import { TableTools } from "./TableTools";
import { TooLarge } from "./TooLarge";
import { ownTerms } from "./terms";

/** The Fibonacci numbers of a range of indices, as a table to take along. */
export function Component() {
  const [search] = useSearchParams();
  const range = rangeIn(search);
  const { from, to } = range;
  const excess = excessOf(range);
  return (
    <Page>
      <header className={styles.heading}>
        <PageHeading key={`${from} ${to}`} title={`${formatTerm(from)} to ${formatTerm(to)}`}>
          A table of Fibonacci numbers
        </PageHeading>
        <Lead>With the digits of each, its ratio to the one before, and its last digit.</Lead>
      </header>
      <RangeForm key={`${from} ${to} form`} range={range} />
      {excess === undefined ? <Numbers range={range} /> : <TooLarge {...excess} />}
    </Page>
  );
}

/** The table of a range that is not too large. What the page does not know of it comes from the server. */
function Numbers({ range: { from, to } }: { range: Range }) {
  const own = useMemo(() => ownTerms(from, to), [from, to]);
  const { data, error, refetch } = useQuery({ ...numbersBetween(from, to), enabled: own === undefined });
  const terms = own ?? data;
  if (terms === undefined) {
    return error === null ? (
      <p className={styles.waiting} role="status">{`Adding up ${formatInteger(to - from + 1)} numbers…`}</p>
    ) : (
      <ProblemNotice error={error} onRetry={() => void refetch()} />
    );
  }
  return (
    <>
      <TableTools terms={terms} range={{ from, to }} />
      <NumberTable terms={terms} />
    </>
  );
}
