import { Button, CopyButton } from "@mantine/core";
import { CheckIcon, CopyIcon } from "../../ui/icons";

interface CopyDigitsProps {
  /** Undefined while they are not there. */
  digits: string | undefined;
  /** Which digits they are, such as "first 50 digits". */
  name: string;
}

/** Puts digits on the clipboard, where there is one. */
export function CopyDigits({ digits, name }: CopyDigitsProps) {
  // Browsers have none for pages that come without TLS from elsewhere.
  if (!("clipboard" in navigator)) {
    return undefined;
  }
  return (
    <CopyButton value={digits ?? ""}>
      {({ copied, copy }) => (
        <Button
          variant="subtle"
          size="compact-sm"
          style={{ flex: "none", marginRight: -8 }}
          leftSection={copied ? <CheckIcon /> : <CopyIcon />}
          aria-label={copied ? `Copied ${name}` : `Copy ${name}`}
          aria-disabled={digits === undefined}
          onClick={() => digits !== undefined && copy()}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      )}
    </CopyButton>
  );
}
