import { Button, Slider, Text } from "@mantine/core";
import { firstTerms } from "../../numbers/firstTerms";
import { formatInteger, formatTerm } from "../../numbers/format";
import { PauseIcon, PlayIcon } from "../../ui/icons";
import { Panel, PanelBody } from "../../ui/Panel";
import { TermLink } from "../../ui/TermLink";
import styles from "./SpiralPanel.module.css";
import { useSteps } from "./useSteps";
import { ZoomableSquares } from "./ZoomableSquares";

const initialCount = 10;
/** More squares only add detail that looks like what is there. */
const maxCount = 30;

/** F(1), F(2) and so on. */
export const sides = firstTerms.slice(1, maxCount + 1).map(Number);

/** How long each square stays the last one. */
const pauseMs = 700;

export const spiralTitle = "It winds into a spiral";
export const spiralText =
  "Squares with sides F(1), F(2), F(3) … fit together without gaps. A quarter circle in each one makes a spiral that gets 1.618 times wider with every quarter turn.";

/** What the drawing of the squares shows, for screen readers. */
export function describeSquares(count: number): string {
  return `${count === 1 ? "A square" : `${count} squares`} with the first Fibonacci numbers as sides, and the spiral through them`;
}

/** The golden spiral through squares whose sides are the first numbers. */
export function SpiralPanel() {
  const squares = useSteps({ first: 1, last: maxCount, initial: initialCount, pauseMs });
  const { step: count, playing } = squares;
  return (
    <Panel title={spiralTitle} wide>
      <PanelBody>
        <div className={styles.content}>
          <ZoomableSquares sides={sides} count={count} label={describeSquares(count)} />
          <div className={styles.text}>
            <Text>{spiralText}</Text>
            <div>
              <Text component="label" id="squares" fw={500} size="sm">
                Squares: {count}
              </Text>
              <Slider
                min={1}
                max={maxCount}
                value={count}
                onChange={squares.seek}
                label={null}
                color="var(--good)"
                thumbSize={22}
                thumbValueText={`F(1) to ${formatTerm(count)}`}
                thumbProps={{ "aria-labelledby": "squares" }}
              />
            </div>
            <Button
              variant="default"
              className={styles.play ?? ""}
              leftSection={playing ? <PauseIcon /> : <PlayIcon />}
              onClick={playing ? squares.pause : squares.play}
            >
              {playing ? "Pause" : "Play"}
            </Button>
            <Text size="sm" c="dimmed" role="status" aria-live={playing ? "off" : "polite"}>
              <Dimensions count={count} />
            </Text>
          </div>
        </div>
      </PanelBody>
    </Panel>
  );
}

function Dimensions({ count }: { count: number }) {
  const last = sides[count - 1] ?? 0;
  const before = sides[count - 2] ?? 0;
  return (
    <>
      The largest square has sides of <TermLink index={count} /> = {formatInteger(last)}.
      {count > 1 &&
        ` The ${count} squares together form a rectangle of ${formatInteger(last + before)} by ${formatInteger(last)}.`}
    </>
  );
}
