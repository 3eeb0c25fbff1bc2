import { formatTerm } from "../../numbers/format";
import { type Boxes, wayBetween } from "./geometry";
import { isMoving, type Traveller } from "./journey";
import styles from "./Travellers.module.css";

interface TravellersProps {
  boxes: Boxes;
  travellers: Traveller[];
  onArrival(index: number): void;
}

/** The indices between two parts. What happens is told elsewhere in words: this is for the eye. */
export function Travellers({ boxes, travellers, onArrival }: TravellersProps) {
  return (
    <div aria-hidden="true">
      {travellers.filter(isMoving).map(({ index, stops, at }) => {
        const [from, to] = stops.slice(at);
        return (
          from !== undefined &&
          to !== undefined && (
            <span
              key={`${index} ${at}`}
              data-traveller={index}
              className={styles.traveller}
              style={{ offsetPath: `path("${wayBetween(boxes, from, to)}")` }}
              onAnimationEnd={() => onArrival(index)}
            >
              <span className={styles.term}>{formatTerm(index)}</span>
            </span>
          )
        );
      })}
    </div>
  );
}
