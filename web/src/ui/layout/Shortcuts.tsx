import { useEffect, useEffectEvent, useRef, useState } from "react";
import { matchPath, useLocation, useNavigate } from "react-router";
import { neighbour } from "../../numbers/largeIndex";
import { Dialog } from "../Dialog";
import { areKeysOn, setKeysOn } from "./keysSetting";
import styles from "./Shortcuts.module.css";

const keys = [
  { key: "/", text: "Go to the field for an index" },
  { key: "j", text: "On the page of a number: go to the next one" },
  { key: "k", text: "On the page of a number: go to the one before" },
  { key: "?", text: "Show this help" },
];

interface ShortcutsProps {
  helpOpen: boolean;
  onHelp(open: boolean): void;
}

/**
 * The keys that work everywhere on the page except where text is typed, and the help that lists them. They can be
 * turned off there, for readers whose software types by voice.
 */
export function Shortcuts({ helpOpen, onHelp }: ShortcutsProps) {
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [on, setOn] = useState(areKeysOn);
  const goesToField = useRef(false);

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (!on || isTyping(event)) {
      return;
    }
    switch (event.key) {
      case "/":
        event.preventDefault();
        if (window.location.pathname !== pathname) {
          goesToField.current = true; // the page of the address is not drawn yet
        } else {
          goToField();
        }
        break;
      case "j":
      case "k": {
        const index = openedIndex();
        const next = index === undefined ? undefined : neighbour(index, event.key === "j" ? 1n : -1n);
        if (next !== undefined) {
          void navigate(`/values/${next}`);
        }
        break;
      }
      case "?":
        onHelp(true);
    }
  });
  useEffect(() => {
    const handle = (event: KeyboardEvent) => onKeyDown(event);
    document.addEventListener("keydown", handle);
    return () => document.removeEventListener("keydown", handle);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the field is there once the page is another one.
  useEffect(() => {
    if (goesToField.current) {
      goesToField.current = false;
      goToField();
    }
  }, [pathname]);

  /** Moves the focus to the field of this page, or of the first page if this one has none. */
  function goToField() {
    if (!focusField()) {
      goesToField.current = true;
      void navigate("/");
    }
  }

  return (
    helpOpen && (
      <Dialog title="Keys" onClose={() => onHelp(false)}>
        <dl className={styles.keys}>
          {keys.map(({ key, text }) => (
            <div key={key}>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <label className={styles.setting}>
          <input
            type="checkbox"
            checked={on}
            onChange={({ currentTarget: { checked } }) => {
              setOn(checked);
              setKeysOn(checked);
            }}
          />
          Use these keys
        </label>
      </Dialog>
    )
  );
}

/** Reports whether a key belongs to what has the focus, or to the browser. */
function isTyping({ target, ctrlKey, altKey, metaKey, isComposing }: KeyboardEvent): boolean {
  const isField =
    target instanceof HTMLElement &&
    (target.isContentEditable || target.closest("input, textarea, select, [role=slider]") !== null);
  return (
    isField || ctrlKey || altKey || metaKey || isComposing || document.querySelector("dialog[open]") !== null
  );
}

/**
 * The index whose page is open, if it is one. It is read from the address, because keys that follow each other quickly come
 * before the page of the one before is drawn.
 */
function openedIndex(): bigint | undefined {
  const text = matchPath("/values/:index", window.location.pathname)?.params.index ?? "";
  return /^-?\d+$/.test(text) ? BigInt(text) : undefined;
}

/** Moves the focus to the field for an index; false if the page has none. */
function focusField(): boolean {
  const field = document.querySelector<HTMLInputElement>("[data-index-field]");
  field?.focus();
  field?.select();
  return field !== null;
}
