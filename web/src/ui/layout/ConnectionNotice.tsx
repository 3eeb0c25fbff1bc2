import { Container, Loader } from "@mantine/core";
import { useConnection } from "../../live/LiveUpdates";
import styles from "./ConnectionNotice.module.css";

/** Says so while the page can't follow what happens. */
export function ConnectionNotice() {
  const lost = useConnection() === "lost";
  return (
    <div role="status">
      {lost && (
        <div className={styles.notice}>
          <Container size="lg" className={styles.text}>
            <Loader size="xs" color="currentColor" aria-hidden />
            <span>Live updates have stopped, so this page may be out of date. Reconnecting…</span>
          </Container>
        </div>
      )}
    </div>
  );
}
