import { Button } from "@mantine/core";
import { DownloadIcon, PrintIcon } from "../../ui/icons";
import { saveFile } from "../../ui/saveFile";
import { CopyButton } from "../../ui/ValueButtons";
import type { Range } from "./range";
import styles from "./TableTools.module.css";
import { csvOf, tabSeparated } from "./tableText";
import type { Term } from "./terms";

/** What can be done with the table. */
export function TableTools({ terms, range: { from, to } }: { terms: readonly Term[]; range: Range }) {
  return (
    <div className={styles.tools}>
      <Button
        variant="default"
        leftSection={<DownloadIcon />}
        onClick={() =>
          saveFile(new Blob([csvOf(terms)], { type: "text/csv" }), `fibonacci-${from}-to-${to}.csv`)
        }
      >
        Download CSV
      </Button>
      <CopyButton text={tabSeparated(terms)} name="table" />
      <Button variant="default" leftSection={<PrintIcon />} onClick={() => window.print()}>
        Print
      </Button>
    </div>
  );
}
