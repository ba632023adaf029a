from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def ask(parameters: StdioServerParameters) -> None:
    async with stdio_client(parameters) as (read, write), ClientSession(read, write) as session:
        session.initialize()  # expect: ASL101
        session.list_tools()  # expect: ASL101
        session.call_tool("a", {})  # expect: ASL101
        session.read_resource("a://b")  # expect: ASL101
        answer = await session.call_tool("a", {})
        print(answer.content)
