import { Anchor, Container } from "@mantine/core";
import { apiRoot } from "../../api/client";
import styles from "./Footer.module.css";

export function Footer() {
  return (
    <footer className={styles.footer}>
      <Container size="lg" className={styles.row}>
        <span>Named after Leonardo of Pisa, known as Fibonacci.</span>
        <Anchor href={`${apiRoot}/docs`} size="sm">
          API documentation
        </Anchor>
      </Container>
    </footer>
  );
}
