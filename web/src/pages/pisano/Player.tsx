import { Button, Slider } from "@mantine/core";
import { formatInteger } from "../../numbers/format";
import { PauseIcon, PlayIcon } from "../../ui/icons";
import { describeTerm } from "./describePeriod";
import styles from "./Player.module.css";
import type { useDrawing } from "./useDrawing";

interface PlayerProps {
  stops: readonly number[];
  /** Whether the lines lead back to the start. */
  isWhole: boolean;
  drawing: ReturnType<typeof useDrawing>;
}

/** Draws the lines one after the other, and names the numbers that a line connects. */
export function Player({ stops, isWhole, drawing }: PlayerProps) {
  const lines = stops.length - 1;
  const k = Math.floor(drawing.drawn);
  return (
    <div className={styles.player}>
      <div className={styles.row}>
        <Button
          className={styles.play ?? ""}
          leftSection={drawing.playing ? <PauseIcon /> : <PlayIcon />}
          onClick={drawing.playing ? drawing.pause : drawing.play}
        >
          {drawing.playing ? "Pause" : "Play"}
        </Button>
        <Slider
          min={0}
          max={lines}
          value={k}
          onChange={drawing.seek}
          label={null}
          color="var(--accent)"
          thumbSize={24}
          thumbLabel="Step k"
          thumbValueText={`k = ${formatInteger(k)}, ${describeTerm(k)} leaves ${formatInteger(stops[k] ?? 0)}`}
        />
      </div>
      <Reading {...{ stops, isWhole, lines, k, pointedAt: drawing.pointedAt }} />
    </div>
  );
}

interface ReadingProps extends Pick<PlayerProps, "stops" | "isWhole"> {
  lines: number;
  k: number;
  pointedAt: number | undefined;
}

/** The line that was pointed at, or else the last one drawn. */
function Reading({ stops, isWhole, lines, k, pointedAt }: ReadingProps) {
  if (pointedAt === undefined && k === lines) {
    return (
      <p className={styles.reading}>
        {isWhole
          ? `After ${formatInteger(lines)} steps the line is back at 0, 1.`
          : `${formatInteger(lines)} steps are drawn.`}
        <span className={styles.hint}>Point at a line to see what it connects, or play the line.</span>
      </p>
    );
  }
  const from = pointedAt ?? Math.max(0, k - 1);
  return (
    <div className={styles.reading}>
      {[from, from + 1].map((n) => (
        <p key={n} className={styles.term}>
          {describeTerm(n)} <span className={styles.leaves}>leaves</span>{" "}
          <strong>{formatInteger(stops[n] ?? 0)}</strong>
        </p>
      ))}
    </div>
  );
}
