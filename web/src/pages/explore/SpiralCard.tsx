import { Slider, Text } from "@mantine/core";
import { useState } from "react";
import { formatTerm } from "../../numbers/format";
import { TermLink } from "../../ui/TermLink";
import { tile } from "../../ui/tile";
import { Card } from "./Card";
import styles from "./SpiralCard.module.css";
import { Squares } from "./Squares";

const firstCount = 10;
/** Beyond this many the picture only gets finer than any screen. */
const mostCount = 30;

/** The golden spiral through squares with calculated values for sides. */
export function SpiralCard({ values }: { values: ReadonlyMap<number, bigint> }) {
  const [wanted, setWanted] = useState(firstCount);
  const sides = sidesIn(values);
  const count = Math.min(wanted, sides.length);
  return (
    <Card title="It winds into a spiral" wide>
      {count === 0 ? (
        <Text c="dimmed">The picture begins when F(1) is calculated.</Text>
      ) : (
        <div className={styles.content}>
          <Squares tiling={tile(sides.slice(0, count).map(Number))} count={count} />
          <div className={styles.words}>
            <Text>
              Squares with F(1), F(2), F(3) … for sides fit around each other without a gap. A quarter circle
              in each makes the spiral, which each quarter turn brings 1.618 times further out.
            </Text>
            <div>
              <Text component="label" id="squares" fw={500} size="sm">
                Squares: {count}
              </Text>
              <Slider
                min={1}
                max={sides.length}
                value={count}
                onChange={setWanted}
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
              <Sides sides={sides} count={count} />
            </Text>
          </div>
        </div>
      )}
    </Card>
  );
}

/** The values of F(1), F(2) and so on, as far as they are there. */
function sidesIn(values: ReadonlyMap<number, bigint>): bigint[] {
  const sides: bigint[] = [];
  for (let n = 1; n <= mostCount; n++) {
    const side = values.get(n);
    if (side === undefined) {
      break;
    }
    sides.push(side);
  }
  return sides;
}

function Sides({ sides, count }: { sides: bigint[]; count: number }) {
  const last = sides[count - 1] ?? 0n;
  const before = sides[count - 2] ?? 0n;
  return (
    <>
      The largest square has the side <TermLink index={count} /> = {grouped.format(last)}. All {count} fill a
      rectangle of {grouped.format(last + before)} by {grouped.format(last)}.
    </>
  );
}

const grouped = new Intl.NumberFormat("en");
