import { Container } from "@mantine/core";
import { Link, NavLink } from "react-router";
import { ColorSchemeToggle } from "./ColorSchemeToggle";
import styles from "./Header.module.css";
import { Mark } from "./Mark";

const sections = [
  { to: "/", name: "Numbers" },
  { to: "/explore", name: "Explore" },
  { to: "/otherpage", name: "How it works" },
];

export function Header() {
  return (
    <header className={styles.header}>
      <Container size="lg" className={styles.row}>
        <Link to="/" className={styles.brand} aria-label="Pisano, home">
          <Mark />
          <span className={styles.name}>Pisano</span>
        </Link>
        <nav aria-label="Pages" className={styles.nav}>
          {sections.map(({ to, name }) => (
            <NavLink key={to} to={to} end className={styles.link ?? ""}>
              {name}
            </NavLink>
          ))}
        </nav>
        <ColorSchemeToggle />
      </Container>
    </header>
  );
}
