import { Button, CopyButton } from "@mantine/core";
import { type CalculatedValue, downloadAddress } from "../../api/values";
import { formatTerm } from "../../numbers/format";
import { CheckIcon, CopyIcon, DownloadIcon } from "../../ui/icons";
import styles from "./ValueActions.module.css";

/** Takes a value out of the page: copied when it is short, else as a file. */
export function ValueActions({ value: { index, value } }: { value: CalculatedValue }) {
  // Browsers have no clipboard for pages that come without TLS from elsewhere.
  const copyable = value !== undefined && "clipboard" in navigator;
  return (
    <div className={styles.actions}>
      {copyable && (
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={copied ? <CheckIcon /> : <CopyIcon />}
              aria-label={copied ? `${formatTerm(index)} copied` : `Copy ${formatTerm(index)}`}
              onClick={copy}
            >
              {copied ? "Copied" : "Copy"}
            </Button>
          )}
        </CopyButton>
      )}
      {value === undefined && (
        <Button
          component="a"
          href={downloadAddress(index)}
          download
          variant="subtle"
          size="compact-sm"
          leftSection={<DownloadIcon />}
          aria-label={`Download all digits of ${formatTerm(index)}`}
        >
          Download
        </Button>
      )}
    </div>
  );
}
