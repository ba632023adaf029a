import aiohappyeyeballs


async def connect(addresses: list[aiohappyeyeballs.AddrInfoType]) -> None:
    aiohappyeyeballs.start_connection(addresses)  # expect: ASL101
    socket = await aiohappyeyeballs.start_connection(addresses)
    socket.close()
    aiohappyeyeballs.pop_addr_infos_interleave(addresses)
