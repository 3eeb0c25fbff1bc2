import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { flushSync } from "react-dom";
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
  const list = useRef<HTMLUListElement>(null);
  if (indices.length === 0) {
    return undefined;
  }
  const shown = all ? indices : indices.slice(0, initialCount);

  /** Shows all numbers. The focus goes on to the first new one: the button is gone. */
  function showAll() {
    flushSync(() => setAll(true));
    list.current?.children[initialCount]?.querySelector("a")?.focus();
  }

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
          <ul ref={list} className={styles.list}>
            {shown.map((index) => (
              <li key={index}>
                <TermLink index={index} />
              </li>
            ))}
          </ul>
          {shown.length < indices.length && (
            <Button variant="default" fullWidth onClick={showAll}>
              Show all {indices.length}
            </Button>
          )}
        </PanelBody>
      </Panel>
    </div>
  );
}
