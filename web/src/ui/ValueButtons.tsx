import { Button, CopyButton as Copy } from "@mantine/core";
import { downloadAddress } from "../api/values";
import { formatTerm } from "../numbers/format";
import { CheckIcon, CopyIcon, DownloadIcon } from "./icons";
import { SmallButton, SmallLink } from "./SmallButton";

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
      {({ copied, copy }) => {
        const icon = copied ? <CheckIcon /> : <CopyIcon />;
        const props = {
          "aria-label": `${copied ? "Copied" : "Copy"} ${name}`,
          "aria-disabled": text === undefined,
          onClick: () => text !== undefined && copy(),
        };
        return compact ? (
          <SmallButton icon={icon} {...props}>
            {copied ? "Copied" : "Copy"}
          </SmallButton>
        ) : (
          <Button variant="default" leftSection={icon} {...props}>
            {copied ? "Copied" : `Copy ${name}`}
          </Button>
        );
      }}
    </Copy>
  );
}

/** Downloads all digits of a value. */
export function DownloadButton({ index, compact = false }: { index: number; compact?: boolean }) {
  const props = {
    href: downloadAddress(index),
    download: true,
    "aria-label": `Download all digits of ${formatTerm(index)}`,
  };
  return compact ? (
    <SmallLink icon={<DownloadIcon />} {...props}>
      Download
    </SmallLink>
  ) : (
    <Button component="a" variant="default" leftSection={<DownloadIcon />} {...props}>
      Download all digits
    </Button>
  );
}
