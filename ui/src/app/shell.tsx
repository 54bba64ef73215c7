// What stands around every screen: where one is, where one can go, and how many questions wait.
import { Link, Outlet } from '@tanstack/react-router';
import { type ReactNode, useEffect } from 'react';
import { access } from './client.ts';
import { useScreenKeys } from './keys.ts';
import { useQuestionSigns } from './question-signs.ts';
import { useQuestionStream, useQuestions } from './questions.ts';
import { USER_SCREENS } from './screens.ts';

function NoToken(): ReactNode {
  return (
    <main className="screen">
      <h1>Leash</h1>
      <p role="alert">
        This address has no token, or this tab forgot it. Run <code>leash ui</code> and open the address it prints.
      </p>
    </main>
  );
}

function Inside(): ReactNode {
  useScreenKeys();
  const isLost = useQuestionStream();
  const questions = useQuestions();
  useQuestionSigns(questions);
  const waiting = questions?.questions.length ?? 0;
  useEffect(() => {
    document.title = waiting === 0 ? 'Leash' : `(${waiting}) Leash`;
  }, [waiting]);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        To the content
      </a>
      <header className="top">
        <strong className="brand">Leash</strong>
        <nav aria-label="Screens">
          {USER_SCREENS.map(({ path, title }) => (
            <Link key={path} to={path} activeOptions={{ exact: true }}>
              {title}
              {path === '/approvals' && waiting > 0 && <span className="badge">{waiting}</span>}
            </Link>
          ))}
        </nav>
      </header>
      <div role="status">
        {isLost && (
          <p className="lost warn">
            ! Nobody serves this page any more: no session of yours runs here. What stands below is as it was. It goes
            on by itself when a session starts; <code>leash ui</code> serves it until then.
          </p>
        )}
      </div>
      <Outlet />
    </div>
  );
}

export function Shell(): ReactNode {
  return access === undefined ? <NoToken /> : <Inside />;
}
