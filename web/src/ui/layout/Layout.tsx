import { useState } from "react";
import { Outlet, ScrollRestoration } from "react-router";
import { ConnectionNotice } from "./ConnectionNotice";
import { Footer } from "./Footer";
import { Header } from "./Header";
import styles from "./Layout.module.css";
import { Shortcuts } from "./Shortcuts";

/** The frame around every page: header, notice, content and footer. */
export function Layout() {
  const [helpOpen, setHelpOpen] = useState(false);
  return (
    <div className={styles.page}>
      <a href="#content" className={styles.skip}>
        Skip to content
      </a>
      <Header />
      <ConnectionNotice />
      <main id="content" tabIndex={-1} className={styles.content}>
        <Outlet />
      </main>
      <Footer onHelp={() => setHelpOpen(true)} />
      <Shortcuts helpOpen={helpOpen} onHelp={setHelpOpen} />
      <ScrollRestoration />
    </div>
  );
}
