import { Text } from "@mantine/core";
import { Navigate, useLocation, useParams } from "react-router";
import { formatTerm } from "../../numbers/format";
import { indexIn, parseIndex } from "../../numbers/parseIndex";
import { LinkButton } from "../../ui/LinkButton";
import { MessagePage, Page } from "../../ui/Page";
import { PageHeading } from "../../ui/PageHeading";
import { GoForm } from "./GoForm";
import { NumberView } from "./NumberView";
import { TooLargeView } from "./TooLargeView";

/** Everything about one Fibonacci number. */
export function Component() {
  const { index: text = "" } = useParams();
  const { search } = useLocation();
  const parsed = parseIndex(text);
  const index = indexIn(parsed);

  if (index === undefined) {
    return (
      <InvalidIndex
        text={text}
        reason={"invalid" in parsed ? parsed.invalid : "incomplete" in parsed && parsed.incomplete}
      />
    );
  }
  if (text !== String(index)) {
    return <Navigate to={{ pathname: `/values/${index}`, search }} replace />;
  }
  const heading = (title: string) => <PageHeading title={title}>{formatTerm(index)}</PageHeading>;
  return (
    <Page key={text}>
      <GoForm index={index} />
      {typeof index === "number" ? (
        <NumberView index={index} heading={heading} />
      ) : (
        <TooLargeView index={index} heading={heading} />
      )}
    </Page>
  );
}

function InvalidIndex({ text, reason }: { text: string; reason: string | false }) {
  return (
    <MessagePage title="Invalid index" heading="This is not a valid index">
      <Text>
        Pisano can’t calculate F(<strong>{text}</strong>). {reason}
      </Text>
      <LinkButton to="/">Go to the numbers</LinkButton>
    </MessagePage>
  );
}
