import { Button, Progress, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { CalculatedValue } from "../../api/values";
import { formatCount, formatInteger, formatProgress, formatTerm } from "../../numbers/format";
import { parseWanted } from "../../numbers/parseWanted";
import { Panel, PanelBody } from "../../ui/Panel";
import { ProblemNotice } from "../../ui/ProblemNotice";
import { useRestoreFocus } from "../../ui/useRestoreFocus";
import { describeChance, describeFound } from "./describeFound";
import type { FoundDigits } from "./digitSearch";
import styles from "./FindDigits.module.css";
import { foundDigits } from "./searchDigits";
import { useFind } from "./useFind";

/** A search for digits, such as a birthday, in all digits of a value. */
export function FindDigits({ value: { index, digitCount } }: { value: CalculatedValue }) {
  const { text: addressed, wanted, find } = useFind();
  const [text, setText] = useState(addressed);
  const [invalid, setInvalid] = useState(addressed !== "" && wanted === undefined);
  const input = useRef<HTMLInputElement>(null);
  const parsed = parseWanted(text);

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    setInvalid("invalid" in parsed);
    if ("wanted" in parsed) {
      find(parsed.wanted);
    }
  }

  return (
    <div className={styles.panel} data-searching={wanted !== undefined}>
      <Panel
        title="Find digits"
        description={`Does your birthday occur in ${formatTerm(index)}? Your browser reads ${
          digitCount === 1 ? "its digit" : `all ${formatCount(digitCount, "digit")}`
        } to find out.`}
        tools={
          <form onSubmit={onSubmit} noValidate className={styles.form}>
            <TextInput
              ref={input}
              label="Digits to find"
              inputWrapperOrder={["label", "input", "error"]}
              classNames={{ input: styles.input ?? "" }}
              inputMode="numeric"
              autoComplete="off"
              enterKeyHint="search"
              placeholder="311299"
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
                setInvalid(false);
              }}
              error={invalid && "invalid" in parsed && parsed.invalid}
              errorProps={{ role: "alert" }}
              inputContainer={(field) => (
                <div className={styles.row}>
                  {field}
                  <Button type="submit">Find</Button>
                </div>
              )}
            />
          </form>
        }
      >
        {wanted !== undefined && (
          <PanelBody>
            <Search
              key={wanted}
              index={index}
              digitCount={digitCount}
              wanted={wanted}
              onCancel={() => {
                find(undefined);
                input.current?.focus();
              }}
            />
          </PanelBody>
        )}
      </Panel>
    </div>
  );
}

interface SearchProps {
  index: number;
  digitCount: number;
  wanted: string;
  onCancel(): void;
}

/** A search that begins when it is rendered, and ends with it. */
function Search({ index, digitCount, wanted, onCancel }: SearchProps) {
  const [progress, setProgress] = useState<FoundDigits>({ read: 0, count: 0, positions: [] });
  const { data, error, refetch } = useQuery(foundDigits({ index, wanted }, setProgress));
  const found = data ?? progress;
  return (
    <>
      {data === undefined && error === null && (
        <Searching found={found} digitCount={digitCount} onCancel={onCancel} />
      )}
      <Text role="status" className={styles.result ?? ""}>
        {data !== undefined &&
          `${describeFound(index, wanted, data)} ${describeChance(digitCount, wanted.length)}`}
      </Text>
      {error !== null && <ProblemNotice error={error} onRetry={() => void refetch()} />}
      {error === null && <Positions wanted={wanted} found={found} />}
    </>
  );
}

interface SearchingProps extends Pick<SearchProps, "digitCount" | "onCancel"> {
  found: FoundDigits;
}

function Searching({ found, digitCount, onCancel }: SearchingProps) {
  const searching = useRestoreFocus<HTMLDivElement>();
  return (
    <div ref={searching} className={styles.searching}>
      <Text>
        Searching… {formatProgress(found.read / digitCount)}
        {found.count > 0 && `, ${formatInteger(found.count)} found so far`}
      </Text>
      <Progress.Root className={styles.bar ?? ""}>
        <Progress.Section
          value={(100 * found.read) / digitCount}
          color="var(--good)"
          aria-label="Searching the digits"
        />
      </Progress.Root>
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

/** Where the digits were found, as links to them. */
function Positions({ wanted, found: { count, positions } }: { wanted: string; found: FoundDigits }) {
  const [params] = useSearchParams();
  if (positions.length === 0) {
    return undefined;
  }
  return (
    <div>
      {count > positions.length && (
        <p className={styles.caption}>The first {formatInteger(positions.length)} positions:</p>
      )}
      <ol className={styles.positions} aria-label={`Positions of ${wanted}`}>
        {positions.map((position) => (
          <li key={position}>
            <Link
              to={{ search: `?${new URLSearchParams({ find: wanted, digit: String(position) })}` }}
              replace
              preventScrollReset
              aria-current={params.get("digit") === String(position) || undefined}
            >
              {formatInteger(position)}
            </Link>
          </li>
        ))}
      </ol>
    </div>
  );
}
