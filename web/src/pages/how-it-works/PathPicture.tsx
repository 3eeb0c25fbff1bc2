import { useReducedMotion } from "@mantine/hooks";
import { useRef } from "react";
import type { Happenings } from "./happenings";
import type { SystemHealth } from "./health";
import { partsAtWork, type Traveller } from "./journey";
import { Lines } from "./Lines";
import { PartCard } from "./PartCard";
import styles from "./PathPicture.module.css";
import { partNames } from "./parts";
import { Travellers } from "./Travellers";
import { useBoxes } from "./useBoxes";

interface PathPictureProps {
  health: SystemHealth;
  happenings: Happenings;
  travellers: Traveller[];
  /** Called when an index has come to its next part. */
  onArrival(index: number): void;
}

/** The parts that an index passes, how each is and what it did last, and the indices on their way between them. */
export function PathPicture({ health, happenings, travellers, onArrival }: PathPictureProps) {
  const picture = useRef<HTMLDivElement>(null);
  const boxes = useBoxes(picture);
  const still = useReducedMotion();
  const atWork = still ? undefined : partsAtWork(travellers);
  return (
    <div ref={picture} className={styles.picture}>
      {boxes !== undefined && <Lines boxes={boxes} health={health} />}
      {boxes !== undefined && !still && (
        <Travellers boxes={boxes} travellers={travellers} onArrival={onArrival} />
      )}
      <ul className={styles.parts} aria-label="The parts that an index passes">
        {partNames.map((name) => (
          <PartCard
            key={name}
            name={name}
            health={health[name]}
            latest={happenings.latest[name]}
            atWork={atWork?.has(name) ?? false}
          />
        ))}
      </ul>
    </div>
  );
}
