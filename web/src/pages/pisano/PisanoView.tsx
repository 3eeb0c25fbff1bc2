import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useRef } from "react";
import { largePeriod } from "../../api/periods";
import { formatCount, formatInteger } from "../../numbers/format";
import { maxOwnModulus, pisanoPeriod, remainders } from "../../numbers/pisano";
import { Wheel } from "../../ui/Wheel";
import { ExportButtons } from "./ExportButtons";
import { ModulusForm } from "./ModulusForm";
import { ModulusSlider } from "./ModulusSlider";
import { PeriodFacts } from "./PeriodFacts";
import styles from "./PisanoView.module.css";
import { Player } from "./Player";
import { RemainderList } from "./RemainderList";
import { useDraft } from "./useDraft";
import { useDrawing } from "./useDrawing";

/** More lines would hide each other, and take long to draw. All of every m up to 500 are fewer. */
const maxLines = 3_000;

/** The wheel of a modulus, what can be done with it, and what is known of it. */
export function PisanoView({
  modulus: opened,
  heading,
}: {
  modulus: number;
  heading(modulus: number): ReactNode;
}) {
  const [modulus, setModulus] = useDraft(opened);
  const stops = useMemo(() => remainders(modulus, maxLines), [modulus]);
  const own = useMemo(() => (modulus <= maxOwnModulus ? pisanoPeriod(modulus) : undefined), [modulus]);
  const fetched = useQuery(largePeriod(modulus));
  const period = own ?? fetched.data;
  const lines = stops.length - 1;
  const drawing = useDrawing(modulus, lines);
  const svg = useRef<SVGSVGElement>(null);
  const isWhole = period?.period === BigInt(lines);

  return (
    <>
      <header className={styles.heading}>{heading(modulus)}</header>
      <div className={styles.stage}>
        <div className={styles.choice}>
          <ModulusForm key={modulus} modulus={modulus} />
          <ModulusSlider modulus={modulus} onChange={setModulus} />
        </div>
        <figure className={styles.figure}>
          <Wheel
            modulus={modulus}
            remainders={stops}
            drawn={drawing.drawn}
            marked={drawing.pointedAt}
            label={describeWheel(modulus, stops, isWhole)}
            svg={svg}
            onPoint={drawing.point}
          />
          <figcaption>{captionOf(modulus, stops, isWhole, period?.period)}</figcaption>
        </figure>
        <div className={styles.tools}>
          <Player stops={stops} isWhole={isWhole} drawing={drawing} />
          <ExportButtons svg={svg} name={`pisano-wheel-${modulus}`} />
        </div>
      </div>
      <PeriodFacts
        modulus={modulus}
        period={period}
        error={fetched.error}
        onRetry={() => void fetched.refetch()}
      />
      <RemainderList modulus={modulus} stops={stops} isWhole={isWhole} />
    </>
  );
}

function describeWheel(modulus: number, stops: readonly number[], isWhole: boolean): string {
  const lines = formatCount(stops.length - 1, "line");
  return `${formatCount(modulus, "point")} on a circle, and ${lines} between them, from the remainder of each Fibonacci number to that of the next${isWhole ? ". The last line ends where the first begins" : ""}`;
}

/** Says how much is drawn. */
function captionOf(
  modulus: number,
  stops: readonly number[],
  isWhole: boolean,
  period: bigint | undefined,
): string {
  const lines = stops.length - 1;
  if (!isWhole) {
    const all = period === undefined ? "" : ` of ${formatInteger(period)}`;
    return `The first ${formatInteger(lines)}${all} lines. More would hide each other.`;
  }
  const occurring = new Set(stops).size;
  const drawn = `${formatCount(modulus, "point")}, ${formatCount(lines, "line")}.`;
  return occurring === modulus
    ? `${drawn} Every remainder occurs.`
    : `${drawn} ${formatInteger(modulus - occurring)} of the remainders never occur${modulus <= 100 ? ": their points are hollow" : ""}.`;
}
