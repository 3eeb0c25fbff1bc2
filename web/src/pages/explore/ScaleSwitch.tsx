import { useId } from "react";
import type { Scale } from "./growth";
import styles from "./ScaleSwitch.module.css";

const scales: { scale: Scale; text: string }[] = [
  { scale: "log", text: "Log" },
  { scale: "linear", text: "Linear" },
];

/** Chooses the scale of a chart. */
export function ScaleSwitch({ value, onChange }: { value: Scale; onChange(scale: Scale): void }) {
  const name = useId();
  return (
    <fieldset className={styles.switch}>
      <legend>Scale</legend>
      {scales.map(({ scale, text }) => (
        <label key={scale}>
          <input type="radio" name={name} checked={scale === value} onChange={() => onChange(scale)} />
          {text}
        </label>
      ))}
    </fieldset>
  );
}
