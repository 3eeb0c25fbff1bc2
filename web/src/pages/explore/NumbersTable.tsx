import { type ReactNode, useState } from "react";
import { usePrinting } from "../../ui/usePrinting";
import styles from "./NumbersTable.module.css";

interface NumbersTableProps {
  /** The name of the table. */
  caption: string;
  columns: string[];
  rows: { key: number; cells: ReactNode[] }[];
}

/** The numbers of a chart, shown on demand. */
export function NumbersTable({ caption, columns, rows }: NumbersTableProps) {
  const printing = usePrinting();
  const [unfolded, setUnfolded] = useState(false);
  const open = unfolded || printing;
  return (
    <details
      className={styles.details}
      open={open}
      onToggle={(event) => {
        if (!printing) {
          setUnfolded(event.currentTarget.open);
        }
      }}
    >
      <summary>Show the numbers</summary>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboards must be able to scroll it.
        <section className={styles.scroller} tabIndex={0} aria-label={caption}>
          <table className={styles.table}>
            <caption>{caption}</caption>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map(({ key, cells }) => (
                <tr key={key}>
                  {cells.map((cell, i) => (
                    <td key={columns[i]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
