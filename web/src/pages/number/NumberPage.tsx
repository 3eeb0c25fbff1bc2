import { Container, Stack, Text } from "@mantine/core";
import { Link, Navigate, useLocation, useParams } from "react-router";
import { formatTerm } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";
import { LinkButton } from "../../ui/LinkButton";
import { PageHeading } from "../../ui/PageHeading";
import styles from "./NumberPage.module.css";
import { NumberView } from "./NumberView";

/** Everything about one number of the sequence. */
export function Component() {
  const { index: text = "" } = useParams();
  const { search } = useLocation();
  const parsed = parseIndex(text);

  if (!("index" in parsed)) {
    return <NoIndex text={text} reason={"invalid" in parsed ? parsed.invalid : parsed.incomplete} />;
  }
  const { index } = parsed;
  if (text !== String(index)) {
    return <Navigate to={{ pathname: `/values/${index}`, search }} replace />;
  }
  return (
    <Container size="lg" className={styles.page} key={index}>
      <header className={styles.header}>
        <PageHeading title={formatTerm(index)} />
        <nav aria-label="Neighbours" className={styles.neighbours}>
          <Neighbour index={index - 1} arrow="←" />
          <Neighbour index={index + 1} arrow="→" />
        </nav>
      </header>
      <NumberView index={index} />
    </Container>
  );
}

function Neighbour({ index, arrow }: { index: number; arrow: "←" | "→" }) {
  if (!Number.isSafeInteger(index)) {
    return undefined;
  }
  const term = formatTerm(index);
  return <Link to={`/values/${index}`}>{arrow === "←" ? `← ${term}` : `${term} →`}</Link>;
}

function NoIndex({ text, reason }: { text: string; reason: string }) {
  return (
    <Container size="sm" py={80}>
      <Stack gap="lg" align="flex-start">
        <PageHeading title="Not an index">There is no such number</PageHeading>
        <Text style={{ overflowWrap: "anywhere" }}>
          <strong>{text}</strong> is not an index. {reason}
        </Text>
        <LinkButton to="/">Go to the numbers</LinkButton>
      </Stack>
    </Container>
  );
}
