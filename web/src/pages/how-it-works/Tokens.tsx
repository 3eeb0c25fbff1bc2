import { formatTerm } from "../../numbers/format";
import { type Boxes, pathBetween } from "./geometry";
import { isMoving, type Token } from "./route";
import styles from "./Tokens.module.css";

interface TokensProps {
  boxes: Boxes;
  tokens: Token[];
  onArrival(index: number): void;
}

/** The indices that move from one part to the next. Screen readers get the same from the announcements. */
export function Tokens({ boxes, tokens, onArrival }: TokensProps) {
  return (
    <div aria-hidden="true">
      {tokens.filter(isMoving).map(({ index, route, at }) => {
        const [from, to] = route.slice(at);
        return (
          from !== undefined &&
          to !== undefined && (
            <span
              key={`${index} ${at}`}
              data-token={index}
              className={styles.token}
              style={{ offsetPath: `path("${pathBetween(boxes, from, to)}")` }}
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
