import { Anchor, Container } from "@mantine/core";
import { apiRoot } from "../api/client";
import styles from "./Footer.module.css";

export function Footer() {
  return (
    <footer className={styles.footer}>
      <Container size="lg" className={styles.row}>
        <span>Named after Leonardo of Pisa, called Fibonacci.</span>
        <Anchor href={`${apiRoot}/openapi.json`} size="sm">
          The API, as an OpenAPI document
        </Anchor>
      </Container>
    </footer>
  );
}
