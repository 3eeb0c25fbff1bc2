import { Container, Text, Title, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef } from "react";
import { LinkButton } from "../../ui/LinkButton";
import { PageHeading } from "../../ui/PageHeading";
import { announceEvents, announceHealth } from "./announcements";
import { EventLog } from "./EventLog";
import styles from "./HowItWorksPage.module.css";
import { Steps } from "./Steps";
import { SubmitRandom } from "./SubmitRandom";
import { SystemDiagram } from "./SystemDiagram";
import { useActivity } from "./useActivity";
import { useAnnouncer } from "./useAnnouncer";
import { useSystemHealth } from "./useSystemHealth";

const oneProgram =
  "Here everything but the browser is one program, and the record, the queue and the values are kept in one file. With PostgreSQL and Redis, each part can run on a machine of its own.";
const manyParts =
  "Here each part is a program of its own. There can be several APIs and several workers, on as many machines.";

/** How Pisano works, explained and to be watched. */
export function Component() {
  const [said, say] = useAnnouncer();
  const { health, embedded } = useSystemHealth();
  const { activity, tokens, arrived } = useActivity((events) => say(announceEvents(events)));

  const before = useRef(health);
  useEffect(() => {
    say(announceHealth(before.current, health));
    before.current = health;
  });

  return (
    <Container size="lg" className={styles.page}>
      <PageHeading title="How it works">The path of an index</PageHeading>
      <p className={styles.lead}>
        From the moment you press Calculate, an index passes through these parts. None of them can lose it.
      </p>
      <div className={styles.send}>
        <SubmitRandom />
      </div>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
      <section className={styles.picture} aria-labelledby="parts">
        <Title order={2} size="h4" id="parts" className={styles.caption ?? ""}>
          The parts, as they are now
        </Title>
        <div className={styles.path}>
          <SystemDiagram health={health} activity={activity} tokens={tokens} onArrival={arrived} />
        </div>
        <Text size="sm" c="dimmed" className={styles.note ?? ""}>
          {embedded !== undefined && (embedded ? oneProgram : manyParts)}
        </Text>
      </section>
      <div className={styles.words}>
        <Steps />
        <div className={styles.aside}>
          <EventLog log={activity.log} />
          <section className={styles.numbers}>
            <Title order={2} size="h4">
              The numbers
            </Title>
            <Text mt={6}>
              The sequence begins with F(0) = 0 and F(1) = 1, and each number is the sum of the two before it.
              It goes on to the left as well: F(−1) = 1, F(−2) = −1, F(−3) = 2, with every second sign turned
              around.
            </Text>
          </section>
          <LinkButton to="/">Back to the numbers</LinkButton>
        </div>
      </div>
    </Container>
  );
}
