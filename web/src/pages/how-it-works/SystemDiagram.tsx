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
  /** Called when an index has come to its next part. */
  onArrival(index: number): void;
}

/** The parts that an index passes, how each is and what it did last, and the indices on their way between them. */
export function SystemDiagram({ health, activity, tokens, onArrival }: SystemDiagramProps) {
  const picture = useRef<HTMLDivElement>(null);
  const boxes = useBoxes(picture);
  const reducedMotion = useReducedMotion();
  const busy = reducedMotion ? undefined : busyParts(tokens);
  return (
    <div ref={picture} className={styles.picture}>
      {boxes !== undefined && <Links boxes={boxes} health={health} />}
      {boxes !== undefined && !reducedMotion && (
        <Tokens boxes={boxes} tokens={tokens} onArrival={onArrival} />
      )}
      <ul className={styles.parts} aria-label="The parts that an index passes">
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
