import type { LiveWorker } from "@pisano-dev/client";
import { useState } from "react";
import { formatInteger } from "../../numbers/format";
import { Panel, PanelBody } from "../../ui/Panel";
import { Status } from "../../ui/Status";
import { TermLink } from "../../ui/TermLink";
import type { Claim } from "./activity";
import { useNow } from "./useNow";
import styles from "./WorkersPanel.module.css";
import { workerName } from "./workerName";
import { type Listed, listWorkers, type WorkerRow, workerRows } from "./workers";

interface WorkersPanelProps {
  /** The workers that are alive, and when the API reported that, in milliseconds. */
  workers: LiveWorker[];
  reportedAt: number;
  /** Whether the API answered the last request. */
  isCurrent: boolean;
  claims: ReadonlyMap<number, Claim>;
}

/** A row for each worker: what it calculates and when it was last heard of. */
export function WorkersPanel({ workers, reportedAt, isCurrent, claims }: WorkersPanelProps) {
  const now = useNow();
  const [{ listed, at }, setListed] = useState<{ listed: Listed; at: number }>({ listed: new Map(), at: 0 });
  if (at !== reportedAt) {
    setListed({ listed: listWorkers(listed, workers, reportedAt), at: reportedAt });
  }
  const rows = workerRows(listed, claims, Math.max(now, reportedAt), isCurrent);
  return (
    <Panel
      title="Workers"
      description="They announce themselves every 2.5 seconds. One that is silent for 10 counts as dead."
    >
      <PanelBody>
        <div className={styles.scroll}>
          <table className={styles.workers}>
            <thead>
              <tr>
                <th scope="col">Worker</th>
                <th scope="col">Calculates</th>
                <th scope="col">Last sign of life</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.name}>
                  <th scope="row" className={styles.name} title={row.name}>
                    {workerName(row.name)}
                  </th>
                  <td>
                    <Indices row={row} />
                  </td>
                  <td>
                    <LastSign row={row} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </PanelBody>
    </Panel>
  );
}

function Indices({ row: { indices, state } }: { row: WorkerRow }) {
  if (indices.length === 0) {
    return state === "unknown" ? "unknown" : "nothing";
  }
  return (
    <>
      {state === "gone" && "left "}
      {indices.map((index) => (
        <span key={index} className={styles.index}>
          <TermLink index={index} />
        </span>
      ))}
      {state === "gone" && " unfinished"}
    </>
  );
}

function LastSign({ row: { state, silent } }: { row: WorkerRow }) {
  const ago = `${formatInteger(Math.round(silent))} s ago`;
  switch (state) {
    case "alive":
      return <Status tone="good">{ago}</Status>;
    case "missed":
      return <Status tone="bad">missed, {ago}</Status>;
    case "gone":
      return <Status tone="neutral">gone, {ago}</Status>;
    case "unknown":
      return <Status tone="neutral">unknown, last seen {ago}</Status>;
  }
}
