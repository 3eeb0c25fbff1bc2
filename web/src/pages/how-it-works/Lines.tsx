import { type Boxes, isColumn, railPoint, wayBetween } from "./geometry";
import type { SystemHealth } from "./health";
import styles from "./PathPicture.module.css";
import { links, partNames } from "./parts";

/** The ways between the parts; broken where a part at an end is not known to work. */
export function Lines({ boxes, health }: { boxes: Boxes; health: SystemHealth }) {
  const isOpen = (...ends: (keyof Boxes)[]) => ends.every((name) => health[name].state === "ok");
  return (
    <svg aria-hidden="true" className={styles.lines}>
      {isColumn(boxes) ? (
        <>
          {partNames.slice(1).map((name, i) => {
            const before = partNames[i] ?? name;
            return <path key={name} d={wayBetween(boxes, before, name)} data-open={isOpen(before, name)} />;
          })}
          {partNames.map((name) => {
            const { x, y } = railPoint(boxes[name]);
            return (
              <circle
                key={name}
                className={styles.node}
                cx={x}
                cy={y}
                r={6}
                data-state={health[name].state}
              />
            );
          })}
        </>
      ) : (
        links.map(([from, to]) => (
          <path key={`${from} ${to}`} d={wayBetween(boxes, from, to)} data-open={isOpen(from, to)} />
        ))
      )}
    </svg>
  );
}
