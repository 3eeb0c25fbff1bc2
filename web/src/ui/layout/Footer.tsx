import { Anchor, Container } from "@mantine/core";
import { Link } from "react-router";
import { apiRoot } from "../../api/client";
import styles from "./Footer.module.css";

export function Footer({ onHelp }: { onHelp(): void }) {
  return (
    <footer className={styles.footer}>
      <Container size="lg" className={styles.row}>
        <span>Named after Leonardo of Pisa, known as Fibonacci.</span>
        <nav aria-label="More" className={styles.links}>
          <Anchor component={Link} to="/pisano/10" size="sm">
            Pisano wheel
          </Anchor>
          <Anchor component={Link} to="/table" size="sm">
            Table
          </Anchor>
          <Anchor href={`${apiRoot}/docs`} size="sm">
            API documentation
          </Anchor>
          <Anchor component="button" type="button" size="sm" aria-haspopup="dialog" onClick={onHelp}>
            Keys
          </Anchor>
        </nav>
      </Container>
    </footer>
  );
}
