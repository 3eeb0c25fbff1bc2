import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { formatTerm } from "../numbers/format";
import type { Index } from "../numbers/largeIndex";
import { embedCode, linkTo } from "../numbers/links";
import { parsePosition, positionRange } from "../numbers/parsePosition";
import { parseWanted } from "../numbers/parseWanted";
import { Dialog } from "./Dialog";
import { ShareIcon } from "./icons";
import { QrCode } from "./QrCode";
import styles from "./ShareDialog.module.css";
import { CopyButton } from "./ValueButtons";

export interface ShareDialogProps {
  index: Index;
  /** How many digits can be linked to: those of a calculated value. */
  digitCount: number | undefined;
  onClose(): void;
}

/** The ways to share a number: its link, also to one of its digits, as text, as a QR code and through the system. */
export function ShareDialog({ index, digitCount, onClose }: ShareDialogProps) {
  const [params] = useSearchParams();
  const search = parseWanted(params.get("find") ?? "");
  const [digit, setDigit] = useState(params.get("digit") ?? "");
  const position = digitCount === undefined ? undefined : parsePosition(digit, digitCount);
  const find = "wanted" in search ? search.wanted : undefined;
  const link = linkTo(location.origin, index, { digit: position, find });
  const term = formatTerm(index);

  return (
    <Dialog title={`Share ${term}`} onClose={onClose}>
      <CopyField label="Link" name="link" text={link}>
        {"share" in navigator && (
          <Button
            variant="default"
            leftSection={<ShareIcon />}
            // Rejected if the user cancels, which needs no word.
            onClick={() => void navigator.share({ title: term, url: link }).catch(() => undefined)}
          >
            Send…
          </Button>
        )}
      </CopyField>
      {digitCount !== undefined && (
        <TextInput
          label="Link to a digit"
          description={`Leave it empty to link to the number. ${positionRange(digitCount)}`}
          inputWrapperOrder={["label", "input", "description", "error"]}
          inputMode="numeric"
          autoComplete="off"
          value={digit}
          onChange={(event) => setDigit(event.currentTarget.value)}
          error={digit.trim() !== "" && position === undefined && "There is no such digit."}
          errorProps={{ role: "alert" }}
        />
      )}
      <QrCode text={link} label={`QR code of the link to ${term}`} />
      <CopyField label="To show it on another site" name="code" text={embedCode(location.origin, index)} />
    </Dialog>
  );
}

interface CopyFieldProps {
  label: string;
  /** What the text is, for the button that copies it. */
  name: string;
  text: string;
  children?: React.ReactNode;
}

/** Text to copy, by a button or, where the browser has no clipboard for the page, by hand. */
function CopyField({ label, name, text, children }: CopyFieldProps) {
  return (
    <div className={styles.copy}>
      <TextInput
        label={label}
        readOnly
        value={text}
        classNames={{ input: styles.text ?? "" }}
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className={styles.buttons}>
        <CopyButton text={text} name={name} />
        {children}
      </div>
    </div>
  );
}
