from langchain_core.language_models import BaseChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool, tool
from langchain_core.vectorstores import VectorStore


async def ask(model: BaseChatModel, chain: Runnable, retriever: BaseRetriever, store: VectorStore) -> None:
    model.ainvoke("a")  # expect: ASL101
    chain.ainvoke("a")  # expect: ASL101
    chain.abatch(["a"])  # expect: ASL101
    chain.invoke("a")
    chain.with_retry().ainvoke("a")  # expect: ASL101
    prompt = ChatPromptTemplate.from_messages([])
    piped = prompt | model | StrOutputParser()
    piped.ainvoke({})  # expect: ASL101
    RunnableLambda(print).ainvoke("a")  # expect: ASL101
    retriever.ainvoke("a")  # expect: ASL101
    store.aadd_texts(["a"])  # expect: ASL101
    store.add_texts(["a"])
    async for piece in chain.astream("a"):
        print(piece)


@tool
def search(query: str) -> str:
    """Search."""
    return query


async def use(other: BaseTool) -> None:
    other.arun("a")  # expect: ASL101
    other.run("a")
