import { Container, Loader } from "@mantine/core";
import { useConnection } from "../../live/LiveUpdates";
import styles from "./ConnectionNotice.module.css";

/** Warns while no events arrive. */
export function ConnectionNotice() {
  const lost = useConnection() === "lost";
  return (
    <div role="status">
      {lost && (
        <div className={styles.notice}>
          <Container size="lg" className={styles.text}>
            <Loader size="xs" color="currentColor" aria-hidden />
            <span>This page may be out of date. Reconnecting to live updates…</span>
          </Container>
        </div>
      )}
    </div>
  );
}
