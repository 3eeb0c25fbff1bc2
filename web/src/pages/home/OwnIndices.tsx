import { Button } from "@mantine/core";
import { useState } from "react";
import { forgetIndices, useOwnIndices } from "../../live/ownIndices";
import { Panel, PanelBody } from "../../ui/Panel";
import { TermLink } from "../../ui/TermLink";
import styles from "./OwnIndices.module.css";

/** Numbers that the list begins with. */
const initialCount = 12;

/** The numbers that were requested in this browser. There is nothing to see before the first. */
export function OwnIndices() {
  const indices = useOwnIndices();
  const [all, setAll] = useState(false);
  if (indices.length === 0) {
    return undefined;
  }
  const shown = all ? indices : indices.slice(0, initialCount);
  return (
    <div className={styles.own}>
      <Panel
        title="Numbers you asked for"
        description="Only this browser remembers them."
        tools={
          <Button
            variant="default"
            size="compact-md"
            onClick={() => {
              forgetIndices();
              // The button is gone with the list.
              document.getElementById("content")?.focus({ preventScroll: true });
            }}
          >
            Clear
          </Button>
        }
      >
        <PanelBody>
          <ul className={styles.list}>
            {shown.map((index) => (
              <li key={index}>
                <TermLink index={index} />
              </li>
            ))}
          </ul>
          {shown.length < indices.length && (
            <Button variant="default" fullWidth onClick={() => setAll(true)}>
              Show all {indices.length}
            </Button>
          )}
        </PanelBody>
      </Panel>
    </div>
  );
}
