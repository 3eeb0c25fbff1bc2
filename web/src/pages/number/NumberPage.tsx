import { Text } from "@mantine/core";
import { Navigate, useLocation, useParams } from "react-router";
import { formatTerm } from "../../numbers/format";
import { parseIndex } from "../../numbers/parseIndex";
import { LinkButton } from "../../ui/LinkButton";
import { MessagePage, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { GoForm } from "./GoForm";
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
      <GoForm index={index} />
      <NumberView
        index={index}
        heading={(title) => <PageHeading title={title}>{formatTerm(index)}</PageHeading>}
      />
    </Page>
  );
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
