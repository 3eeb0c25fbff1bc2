import { Text } from "@mantine/core";
import { Link, Navigate, useLocation, useParams } from "react-router";
import { formatTerm } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";
import { LinkButton } from "../../ui/LinkButton";
import { MessagePage, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import styles from "./NumberPage.module.css";
import { NumberView } from "./NumberView";

/** Everything about one Fibonacci number. */
export function Component() {
  const { index: text = "" } = useParams();
  const { search } = useLocation();
  const parsed = parseIndex(text);

  if (!("index" in parsed)) {
    return <InvalidIndex text={text} reason={"invalid" in parsed ? parsed.invalid : parsed.incomplete} />;
  }
  const { index } = parsed;
  if (text !== String(index)) {
    return <Navigate to={{ pathname: `/values/${index}`, search }} replace />;
  }
  return (
    <Page key={index}>
      <header className={styles.header}>
        <PageHeading title={formatTerm(index)} />
        <nav aria-label="Neighbours" className={styles.neighbours}>
          <Neighbour index={index - 1} arrow="←" />
          <Neighbour index={index + 1} arrow="→" />
        </nav>
      </header>
      <NumberView index={index} />
    </Page>
  );
}

function Neighbour({ index, arrow }: { index: number; arrow: "←" | "→" }) {
  if (!Number.isSafeInteger(index)) {
    return undefined;
  }
  const term = formatTerm(index);
  return <Link to={`/values/${index}`}>{arrow === "←" ? `← ${term}` : `${term} →`}</Link>;
}

function InvalidIndex({ text, reason }: { text: string; reason: string }) {
  return (
    <MessagePage title="Invalid index" heading="This is not a valid index">
      <Text>
        Pisano can’t calculate F(<strong>{text}</strong>). {reason}
      </Text>
      <LinkButton to="/">Go to the numbers</LinkButton>
    </MessagePage>
  );
}
