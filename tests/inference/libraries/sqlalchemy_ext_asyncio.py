from sqlalchemy import create_engine, select
from sqlalchemy.ext.asyncio import (
    AsyncConnection,
    AsyncSession,
    async_scoped_session,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import Session, sessionmaker

engine = create_async_engine("sqlite+aiosqlite://")
Sessions = async_sessionmaker(engine, expire_on_commit=False)
Older = sessionmaker(engine, class_=AsyncSession)


async def query(session: AsyncSession, connection: AsyncConnection) -> None:
    session.execute(select(1))  # expect: ASL101
    session.scalar(select(1))  # expect: ASL101
    session.commit()  # expect: ASL101
    session.add(object())
    session.expunge(object())
    result = await session.execute(select(1))
    result.scalars().all()
    result.fetchone()
    stream = await session.stream(select(1))
    stream.all()  # expect: ASL101
    async with session.begin():
        session.flush()  # expect: ASL101
        session.delete(object())  # expect: ASL101
        session.get(object, 1)  # expect: ASL101
        session.refresh(object())  # expect: ASL101
    async with Sessions() as made:
        made.rollback()  # expect: ASL101
        made.close()  # expect: ASL101
    async with Sessions.begin() as begun:
        begun.merge(object())  # expect: ASL101
    async with engine.begin() as started:
        started.run_sync(print)  # expect: ASL101
        started.execute(select(1))  # expect: ASL101
    async with engine.connect() as connected:
        connected.commit()  # expect: ASL101
    connection.execute(select(1))  # expect: ASL101
    engine.dispose()  # expect: ASL101


async def scoped(sessions: async_scoped_session[AsyncSession]) -> None:
    sessions.commit()  # expect: ASL101
    sessions.remove()  # expect: ASL101


def plain(session: Session) -> None:
    session.execute(select(1))
    session.commit()
    with Session(create_engine("sqlite://")) as other:
        other.flush()
