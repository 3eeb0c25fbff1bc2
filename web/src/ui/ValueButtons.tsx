import { Button, CopyButton as Copy } from "@mantine/core";
import { downloadAddress } from "../api/values";
import { formatTerm } from "../numbers/format";
import { CheckIcon, CopyIcon, DownloadIcon } from "./icons";
import styles from "./ValueButtons.module.css";

const compactProps = { variant: "subtle", size: "compact-sm", className: styles.compact ?? "" };
const normalProps = { variant: "default" };

interface CopyButtonProps {
  /** Undefined while it is not loaded. */
  text: string | undefined;
  /** What the text is, such as "first 50 digits". */
  name: string;
  compact?: boolean;
}

/** Copies text to the clipboard. Nothing where the browser offers none, as on pages of other hosts without TLS. */
export function CopyButton({ text, name, compact = false }: CopyButtonProps) {
  if (!("clipboard" in navigator)) {
    return undefined;
  }
  return (
    <Copy value={text ?? ""}>
      {({ copied, copy }) => (
        <Button
          {...(compact ? compactProps : normalProps)}
          leftSection={copied ? <CheckIcon /> : <CopyIcon />}
          aria-label={`${copied ? "Copied" : "Copy"} ${name}`}
          aria-disabled={text === undefined}
          onClick={() => text !== undefined && copy()}
        >
          {copied ? "Copied" : compact ? "Copy" : `Copy ${name}`}
        </Button>
      )}
    </Copy>
  );
}

/** Downloads all digits of a value. */
export function DownloadButton({ index, compact = false }: { index: number; compact?: boolean }) {
  return (
    <Button
      component="a"
      href={downloadAddress(index)}
      download
      {...(compact ? compactProps : normalProps)}
      leftSection={<DownloadIcon />}
      aria-label={`Download all digits of ${formatTerm(index)}`}
    >
      {compact ? "Download" : "Download all digits"}
    </Button>
  );
}
