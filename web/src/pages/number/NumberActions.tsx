import { Button, CopyButton, Group } from "@mantine/core";
import { type CalculatedValue, downloadAddress } from "../../api/values";
import { CheckIcon, CopyIcon, DownloadIcon } from "../../ui/icons";

/** Takes a whole value out of the page. */
export function NumberActions({ value: { index, value } }: { value: CalculatedValue }) {
  return (
    <Group gap="xs">
      {value !== undefined && "clipboard" in navigator && (
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Button variant="default" leftSection={copied ? <CheckIcon /> : <CopyIcon />} onClick={copy}>
              {copied ? "Copied" : "Copy the number"}
            </Button>
          )}
        </CopyButton>
      )}
      <Button
        component="a"
        href={downloadAddress(index)}
        download
        variant="default"
        leftSection={<DownloadIcon />}
      >
        Download all digits
      </Button>
    </Group>
  );
}
