import { Text, Title, VisuallyHidden } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { LinkButton } from "../../ui/LinkButton";
import { Lead, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { Panel, PanelBody } from "../../ui/Panel";
import { announceEvents, announceGone, announceHealth, announceTakeovers } from "./announcements";
import { EventLog } from "./EventLog";
import styles from "./HowItWorksPage.module.css";
import { ReplayPanel } from "./ReplayPanel";
import { RightNow } from "./RightNow";
import { Steps } from "./Steps";
import { SubmitRandom } from "./SubmitRandom";
import { SystemDiagram } from "./SystemDiagram";
import type { Trace } from "./traces";
import { useActivity } from "./useActivity";
import { useAnnouncer } from "./useAnnouncer";
import { useSystemHealth } from "./useSystemHealth";
import { WorkersPanel } from "./WorkersPanel";
import { goneWorkers } from "./workers";

const oneProgram =
  "Here everything behind your browser is one program, and the index store, the queue and the value cache share one file. With PostgreSQL and Redis, each part can run on a machine of its own.";
const manyPrograms =
  "Here each part is a separate program. There can be several APIs and workers, on as many machines as you like.";

/** How Pisano works, explained and live. */
export function Component() {
  const [announcement, announce] = useAnnouncer();
  const [replayed, setReplayed] = useState<{ trace: Trace; run: number }>();
  const { health, embedded, workers, reportedAt, isCurrent } = useSystemHealth();
  const { activity, tokens, traces, rates, arrived, onGone } = useActivity((events) =>
    announce(announceEvents(events)),
  );

  const { takeovers } = activity;
  const previous = useRef({ health, workers, takeovers });
  useEffect(() => {
    const before = previous.current;
    previous.current = { health, workers, takeovers };
    announce(announceHealth(before.health, health), "important");
    const gone = goneWorkers(before.workers, workers);
    if (gone.length > 0) {
      onGone(gone);
    }
    announce(announceGone(gone), "important");
    announce(announceTakeovers(before.takeovers, takeovers), "important");
  }, [announce, onGone, health, workers, takeovers]);

  return (
    <Page>
      <PageHeading title="How it works">The path of an index</PageHeading>
      <Lead>When you press Calculate, your index passes through these parts. None of them can lose it.</Lead>
      <div className={styles.submit}>
        <SubmitRandom />
      </div>
      <VisuallyHidden role="status">{announcement}</VisuallyHidden>
      <section className={styles.system} aria-labelledby="parts">
        <Title order={2} size="h3" id="parts" className={styles.caption ?? ""}>
          The system right now
        </Title>
        <div className={styles.diagram}>
          <SystemDiagram health={health} activity={activity} tokens={tokens} onArrival={arrived} />
        </div>
        <Text size="sm" c="dimmed" className={styles.note ?? ""}>
          {embedded !== undefined && (embedded ? oneProgram : manyPrograms)}
        </Text>
      </section>
      <div className={styles.columns}>
        <Steps />
        <div className={styles.aside}>
          <EventLog
            log={activity.log}
            traces={traces.ended}
            onReplay={(trace) => setReplayed({ trace, run: (replayed?.run ?? 0) + 1 })}
          />
          {replayed !== undefined && <ReplayPanel key={replayed.run} trace={replayed.trace} />}
          <RightNow rates={rates} waits={traces.waits} />
          {workers !== undefined && (
            <WorkersPanel
              workers={workers}
              reportedAt={reportedAt}
              isCurrent={isCurrent}
              claims={activity.claims}
            />
          )}
          <Panel title="The numbers">
            <PanelBody>
              <Text>
                The sequence starts with F(0) = 0 and F(1) = 1, and each number is the sum of the two before
                it. It extends to negative indices too: F(−1) = 1, F(−2) = −1, F(−3) = 2, with alternating
                signs.
              </Text>
            </PanelBody>
          </Panel>
          <LinkButton to="/">Back to the numbers</LinkButton>
        </div>
      </div>
    </Page>
  );
}
