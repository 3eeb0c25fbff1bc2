import { Slider, Text } from "@mantine/core";
import { useState } from "react";
import { formatInteger, formatTerm } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { Squares } from "../../ui/Squares";
import { TermLink } from "../../ui/TermLink";
import styles from "./SpiralPanel.module.css";

const initialCount = 10;
/** More squares only add detail that is finer than any screen. */
const maxCount = 30;

/** The golden spiral through squares whose sides are calculated values. */
export function SpiralPanel({ values }: { values: ReadonlyMap<number, bigint> }) {
  const [requestedCount, setRequestedCount] = useState(initialCount);
  const sides = consecutiveSides(values);
  const count = Math.min(requestedCount, sides.length);
  return (
    <Panel title="It winds into a spiral" wide>
      <PanelBody>
        {count === 0 ? (
          <Text c="dimmed">The spiral appears once F(1) is calculated.</Text>
        ) : (
          <div className={styles.content}>
            <Squares
              sides={sides.slice(0, count).map(Number)}
              label={`${count === 1 ? "A square" : `${count} squares`} with the first Fibonacci numbers as sides, and the spiral through them`}
              className={styles.squares}
            />
            <div className={styles.text}>
              <Text>
                Squares with sides F(1), F(2), F(3) … fit together without gaps. A quarter circle in each one
                makes a spiral that gets 1.618 times wider with every quarter turn.
              </Text>
              <div>
                <Text component="label" id="squares" fw={500} size="sm">
                  Squares: {count}
                </Text>
                <Slider
                  min={1}
                  max={sides.length}
                  value={count}
                  onChange={setRequestedCount}
                  label={null}
                  disabled={sides.length === 1}
                  color="var(--good)"
                  thumbSize={22}
                  thumbProps={{
                    "aria-labelledby": "squares",
                    "aria-valuetext": `F(1) to ${formatTerm(count)}`,
                  }}
                />
              </div>
              <Text size="sm" c="dimmed">
                <Dimensions sides={sides} count={count} />
              </Text>
            </div>
          </div>
        )}
      </PanelBody>
    </Panel>
  );
}

/** The values of F(1), F(2) and so on, up to the first that is missing. */
function consecutiveSides(values: ReadonlyMap<number, bigint>): bigint[] {
  const sides: bigint[] = [];
  for (let n = 1; n <= maxCount; n++) {
    const side = values.get(n);
    if (side === undefined) {
      break;
    }
    sides.push(side);
  }
  return sides;
}

function Dimensions({ sides, count }: { sides: bigint[]; count: number }) {
  const last = sides[count - 1] ?? 0n;
  const before = sides[count - 2] ?? 0n;
  return (
    <>
      The largest square has sides of <TermLink index={count} /> = {formatInteger(last)}.
      {count > 1 &&
        ` The ${count} squares together form a rectangle of ${formatInteger(last + before)} by ${formatInteger(last)}.`}
    </>
  );
}
