import { useQuery } from "@tanstack/react-query";
import { largePeriod } from "../../api/periods";
import { formatInteger } from "../../numbers/format";
import { Groups } from "../../ui/Groups";
import { Lead } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { ModulusForm } from "./ModulusForm";
import { PeriodFacts } from "./PeriodFacts";
import styles from "./PeriodView.module.css";

/** What is known of a modulus that is too large for a wheel. */
export function PeriodView({ modulus }: { modulus: bigint }) {
  const { data: period, error, refetch } = useQuery(largePeriod(modulus));
  const m = formatInteger(modulus);
  return (
    <>
      <header className={styles.heading}>
        <PageHeading title={`Pisano period of ${m}`}>
          <Groups>{`The Pisano period of ${m}`}</Groups>
        </PageHeading>
        <Lead>
          Divide each Fibonacci number by m and keep only the remainder. Sooner or later the remainders
          repeat. This modulus is too large for a wheel, but not to know when.
        </Lead>
      </header>
      <div className={styles.choice}>
        <ModulusForm modulus={modulus} />
      </div>
      <PeriodFacts modulus={modulus} period={period} error={error} onRetry={() => void refetch()} />
    </>
  );
}
