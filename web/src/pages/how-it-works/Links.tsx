import { type Boxes, isColumn, pathBetween, railPoint } from "./geometry";
import type { SystemHealth } from "./health";
import { links, partNames } from "./parts";
import styles from "./SystemDiagram.module.css";

/** The links between the parts, dashed where one of the two is not known to work. */
export function Links({ boxes, health }: { boxes: Boxes; health: SystemHealth }) {
  const isOpen = (...ends: (keyof Boxes)[]) => ends.every((name) => health[name].state === "ok");
  return (
    <svg aria-hidden="true" className={styles.links}>
      {isColumn(boxes) ? (
        <>
          {partNames.slice(1).map((name, i) => {
            const before = partNames[i] ?? name;
            return <path key={name} d={pathBetween(boxes, before, name)} data-open={isOpen(before, name)} />;
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
          <path key={`${from} ${to}`} d={pathBetween(boxes, from, to)} data-open={isOpen(from, to)} />
        ))
      )}
    </svg>
  );
}
