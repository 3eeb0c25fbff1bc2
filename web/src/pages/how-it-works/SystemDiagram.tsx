import { useReducedMotion } from "@mantine/hooks";
import { useRef } from "react";
import type { Activity } from "./activity";
import type { SystemHealth } from "./health";
import { Links } from "./Links";
import { PartCard } from "./PartCard";
import { partNames } from "./parts";
import { busyParts, type Token } from "./route";
import styles from "./SystemDiagram.module.css";
import { Tokens } from "./Tokens";
import { useBoxes } from "./useBoxes";

interface SystemDiagramProps {
  health: SystemHealth;
  activity: Activity;
  tokens: Token[];
  /** Called when an index has reached the next part of its route. */
  onArrival(index: number): void;
}

/** The parts of the system, each with its health and its latest action, and the indices that move between them. */
export function SystemDiagram({ health, activity, tokens, onArrival }: SystemDiagramProps) {
  const diagram = useRef<HTMLDivElement>(null);
  const boxes = useBoxes(diagram);
  const reducedMotion = useReducedMotion();
  const busy = reducedMotion ? undefined : busyParts(tokens);
  return (
    <div ref={diagram} className={styles.diagram}>
      {boxes !== undefined && <Links boxes={boxes} health={health} />}
      {boxes !== undefined && !reducedMotion && (
        <Tokens boxes={boxes} tokens={tokens} onArrival={onArrival} />
      )}
      <ul className={styles.parts} aria-label="Parts of the system">
        {partNames.map((name) => (
          <PartCard
            key={name}
            name={name}
            health={health[name]}
            latest={activity.latest[name]}
            busy={busy?.has(name) ?? false}
          />
        ))}
      </ul>
    </div>
  );
}
