import discord
from discord import app_commands
from discord.ext import commands, tasks


class Client(discord.Client):
    async def on_message(self, message: discord.Message) -> None:
        message.channel.send("a")  # expect: ASL101
        message.reply("a")  # expect: ASL101
        message.add_reaction("a")  # expect: ASL101
        message.is_system()
        answer = await message.channel.send("a")
        answer.delete()  # expect: ASL101
        self.fetch_user(1)  # expect: ASL101
        self.get_user(1)
        self.close()  # expect: ASL101
        self.wait_for("message")  # expect: ASL101

    async def on_member_join(self, member: discord.Member) -> None:
        member.send("a")  # expect: ASL101
        member.guild.ban(member)  # expect: ASL101
        member.edit(nick="a")  # expect: ASL101


bot = commands.Bot(command_prefix="!", intents=discord.Intents.default())


@bot.command()
async def ping(ctx: commands.Context) -> None:
    ctx.send("pong")  # expect: ASL101
    ctx.author.send("pong")  # expect: ASL101
    ctx.guild.create_role(name="a")  # expect: ASL101
    bot.load_extension("a")  # expect: ASL101
    bot.dispatch("event")
