import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import { PresentIcon } from "../../ui/icons";
import { Lead, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import styles from "./ExplorePage.module.css";
import { GrowthPanel } from "./GrowthPanel";
import { Presentation } from "./Presentation";
import { RatioPanel } from "./RatioPanel";
import { SpiralPanel } from "./SpiralPanel";
import { WheelPanel } from "./WheelPanel";

/** The sequence in pictures. They are drawn from F(0) to F(93), which the page has, so they are there at once. */
export function Component() {
  const [presenting, setPresenting] = useState(false);
  return (
    <Page>
      <header className={styles.header}>
        <PageHeading title="Explore">Explore the sequence</PageHeading>
        <Lead>The Fibonacci sequence in pictures.</Lead>
        <Button
          variant="default"
          size="md"
          className={styles.present ?? ""}
          leftSection={<PresentIcon />}
          onClick={() => setPresenting(true)}
        >
          Present
        </Button>
        {presenting && <Presentation onClose={() => setPresenting(false)} />}
        <nav aria-label="More to explore" className={styles.more}>
          <Link to="/pisano/10">The Pisano wheel</Link>
          <Link to="/table">A table of numbers</Link>
        </nav>
      </header>
      <div className={styles.panels}>
        <SpiralPanel />
        <GrowthPanel />
        <RatioPanel />
        <WheelPanel />
      </div>
    </Page>
  );
}
